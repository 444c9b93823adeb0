/**
 * Whether Pulumi's SDK prints something, `ERROR: ERROR` and a stack trace, that it answers to Pulumi's engine as well:
 * the engine then tells the user.
 */
export function isAnsweredToo(text: string): boolean {
  const [head = "", ...trace] = text.split(/\n(?=\s+at )/);
  const middle = (head.length - 2) / 2;
  return trace.length > 0 && head.slice(0, middle) === head.slice(middle + 2);
}
