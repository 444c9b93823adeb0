import { ConfigError } from "../../config/config-error.ts";
import type { StackFiles } from "../../config/read-stacks.ts";
import { overloadOf } from "../../infra/overload.ts";
import { engineMachine } from "../../infra/kind/machine.ts";
import { UserError } from "../user-error.ts";

/**
 * Refuses stacks of which something could not be scheduled. Without an engine nothing is known, and nothing refused.
 *
 * @throws UserError with the sum of each such stack
 */
export async function refuseOverload(
  stacks: readonly string[],
  { configs }: Pick<StackFiles, "configs">,
): Promise<void> {
  const machine = await engineMachine();
  if (machine === undefined) return;
  const errors = stacks.flatMap((stack) => {
    const config = configs.get(stack);
    const problems = config && overloadOf(config, machine, (peer) => configs.get(peer)?.exposedUrl);
    return problems === undefined || problems.length === 0 ? [] : new ConfigError(stack, problems);
  });
  if (errors.length > 0) throw new UserError(errors.map(({ message }) => message).join("\n"));
}
