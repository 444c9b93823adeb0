import { z } from "zod";
import { type Check, encryptedProblem, kindProblem } from "./check-values.ts";
import { nearest, show } from "./wording.ts";

/** A value that a check accepts or refuses. */
export const leaf = <T>(check: Check) =>
  z.custom<T>((value) => check(value) === undefined, { error: ({ input }) => check(input) ?? "" });

/** A key that a block doesn't have. Each one is a problem of its own, at the key. */
const unknownKey = (known: readonly string[]) =>
  z.custom<unknown>(() => false, {
    error: ({ path = [] }) => {
      const key = String(path.at(-1));
      if (key === "secure") return encryptedProblem;
      const guess = nearest(key, known);
      const hint = guess === undefined ? `known here are ${known.join(", ")}` : `did you mean ${show(guess)}?`;
      return `unknown key: ${hint}`;
    },
  });

/** Keys and values, with no other keys than those of the shape. */
export const block = <S extends z.core.$ZodLooseShape>(shape: S, wanted: string, example: string) =>
  z
    .object(shape, { error: ({ input }) => kindProblem(input, wanted, example) })
    .catchall(unknownKey(Object.keys(shape)));

/** A list of items of one kind. */
export const list = <T extends z.ZodType>(item: T, example: string) =>
  z.array(item, { error: ({ input }) => kindProblem(input, "a list", example) });

/** Keys of the user's own choice, each of which a check accepts or refuses, and a value for each. */
export const map = <T extends z.ZodType>(
  keyProblem: (key: string) => string | undefined,
  value: T,
  wanted: string,
  example: string,
) =>
  z
    .record(z.string(), value, { error: ({ input }) => kindProblem(input, wanted, example) })
    .superRefine((entries, context) => {
      for (const key of Object.keys(entries)) {
        const message = keyProblem(key);
        if (message !== undefined) context.addIssue({ code: "custom", path: [key], message });
      }
    });
