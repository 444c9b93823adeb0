import { text, wholeNumber } from "./check-values.ts";
import { containsProblem, jsonProblem, provePathProblem } from "./prove-config.ts";
import { block, leaf } from "./schema-blocks.ts";

/** What must be answered, as a stack file says it. */
export const prove = block(
  {
    path: leaf<string>(text('a path such as "/health"', provePathProblem)).optional(),
    status: leaf<number>(wholeNumber(200, 599)).optional(),
    contains: leaf<string>(text('a text such as "hello"', containsProblem)).optional(),
    json: leaf<unknown>(jsonProblem).optional(),
  },
  "a description of an answer",
  "{ path: /, status: 200, contains: hello }, or { path: /, json: { name: web } }",
);
