/** Wraps a question so that whoever asks the same before it is answered gets that answer, too. */
export function whileUnderWay<T>(ask: (what: string) => Promise<T>): (what: string) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (what) => {
    const asked = underWay.get(what);
    if (asked !== undefined) return asked;
    const answer = ask(what).finally(() => underWay.delete(what));
    underWay.set(what, answer);
    return answer;
  };
}
