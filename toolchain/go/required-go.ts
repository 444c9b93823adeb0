import { versions } from "../../versions.ts";

/** The Go that builds programs, for messages. */
export const requiredGo = { name: `Go ${versions.go} or newer`, url: "https://go.dev/dl/" };

/** What to do where Go is needed to build something, and not installed. */
export function missingGo(purpose: string): string {
  return `Building ${purpose} takes ${requiredGo.name}, which is not installed. Get it from ${requiredGo.url}.`;
}
