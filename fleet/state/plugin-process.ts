/**
 * Serves Pulumi's plugin of dynamic resources, and the docker plugin's stand-in where it is used, to all stacks of a
 * command. It sends their ports to the process that started it, and ends with it, but not before it has answered.
 *
 *   node plugin-process.ts ENGINE [STAND-IN]
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import "../setup/light-sdk.ts";
import { isAnsweredToo } from "./plugin-messages.ts";

/** The parts of gRPC's server that are used here. */
interface GrpcServer {
  addService: (service: unknown, implementation: Record<string, unknown>) => void;
  tryShutdown: (done: () => void) => void;
}

// Not just the same package as Pulumi's SDK has, but the same instance.
const requireAsPulumi = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
const { Server } = requireAsPulumi("@grpc/grpc-js") as { Server: { prototype: GrpcServer } };
const { Empty } = requireAsPulumi("google-protobuf/google/protobuf/empty_pb.js") as { Empty: new () => object };

type Answer = (error: null, reply: object) => void;
type Method = (call: object, answer: Answer) => void;

const servers: GrpcServer[] = [];
const cancels: (() => void)[] = [];
const agree: Method = (_call, answer) => answer(null, new Empty());

const { addService } = Server.prototype;
Server.prototype.addService = function (service, implementation) {
  servers.push(this);
  const cancel = implementation.cancel as Method;
  cancels.push(() => cancel.call(implementation, {}, () => undefined));
  // Pulumi cancels what goes on in a plugin once it has ended itself, but then other stacks may be at work in this one.
  implementation.cancel = agree;
  // Pulumi calls this of a plugin that it has not started itself, and the one of dynamic resources refuses it.
  implementation.attach = agree;
  addService.call(this, service, implementation);
};

// The user has interrupted the command.
process.on("message", () => {
  for (const cancel of cancels) cancel();
});

const print = console.error;
console.error = (text: unknown) => {
  if (!isAnsweredToo(String(text))) print(text);
};

/** Starts a plugin, and returns the port that it prints. */
async function portOf(plugin: () => Promise<unknown>): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  console.log = (port: string) => resolve(Number(port));
  await plugin();
  const port = await promise;
  console.log = print;
  return port;
}

process.on("disconnect", () => {
  if (servers.length === 0) process.exit();
  let open = servers.length;
  for (const server of servers) {
    server.tryShutdown(() => {
      open--;
      if (open === 0) process.exit();
    });
  }
});

const standIn = process.argv[3];
try {
  const dynamic = await portOf(() => import("@pulumi/pulumi/cmd/dynamic-provider/index.js"));
  // eslint-disable-next-line no-restricted-syntax -- the toolchain knows where it is
  const docker = standIn === undefined ? undefined : await portOf(() => import(pathToFileURL(standIn).href));
  // Whoever started this may have ended meanwhile.
  if (!process.connected) process.exit();
  process.send?.({ "pulumi-nodejs": dynamic, docker });
} catch {
  // Pulumi starts plugins of its own then, and says why one can't be started.
  process.exit(1);
}
