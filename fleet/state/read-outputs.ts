import type { OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";

const outputs = z.object({
  url: z.string(),
  exposedUrl: z.string(),
  context: z.string(),
  image: z.string(),
  services: z.array(
    z.object({
      name: z.string(),
      namespace: z.string(),
      image: z.string().optional(),
      ingress: z.object({ host: z.string().optional(), path: z.string() }).optional(),
    }),
  ),
  peers: z.array(
    z.object({
      alias: z.string(),
      namespace: z.string(),
      stack: z.string().optional(),
      url: z.string().optional(),
      way: z.string(),
      reason: z.string(),
    }),
  ),
});

/** A stack's outputs, as far as the commands read them. */
export type FleetOutputs = z.infer<typeof outputs>;

/** @returns undefined when the stack is not up */
export const readOutputs = async (stack: Stack): Promise<FleetOutputs | undefined> =>
  parseOutputs(await stack.outputs());

/** As {@link readOutputs}, of outputs that are at hand. */
export function parseOutputs(values: OutputMap): FleetOutputs | undefined {
  const found = Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value as unknown]));
  const { success, data } = outputs.safeParse(found);
  return success ? data : undefined;
}
