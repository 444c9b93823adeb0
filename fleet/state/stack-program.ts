import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { inspect } from "node:util";
import { isGrpcError, log, ResourceError, RunError, runtime } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import * as automationServer from "@pulumi/pulumi/automation/server.js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages, { type LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import languageMessages, { type RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import * as runtimeState from "@pulumi/pulumi/runtime/state.js";
import type { StackConfig } from "../../config/stack-config.ts";
import { InterruptedError } from "../../host/interruption.ts";
import { type ClusterSurroundings, lookAtCluster } from "../../infra/look-at-cluster.ts";
import { bundleService, type ServiceBundle } from "../../service/build.ts";
import { extraFile } from "../../stacks/extra-file.ts";
import { images } from "../../versions.ts";
import { projectFolder } from "../setup/folders.ts";
import { loadForPrograms } from "../setup/light-sdk.ts";
import { temporaryFolderOfPulumi } from "../setup/temporary-folders.ts";

/** Parts of Pulumi's SDK that are not in its types. */
const { LanguageServer } = automationServer as unknown as { LanguageServer: { prototype: ProgramServer } };
const { waitForRPCs } = runtime as unknown as { waitForRPCs: () => Promise<void> };
const { withLocalStorage } = runtimeState as unknown as {
  withLocalStorage: (work: () => Promise<void>) => Promise<void>;
};

const { EngineClient } = engineServices as unknown as { EngineClient: { prototype: EngineLog } };

/** Takes a program's messages to Pulumi's engine. */
interface EngineLog {
  log: (this: EngineLog, request: LogRequest, done: () => void) => unknown;
}

/** Answers Pulumi's engine, which has the program run. */
interface ProgramServer {
  program: PulumiFn;
  run: (
    this: ProgramServer,
    call: { request: RunRequest },
    callback: (error: undefined, answer: languageMessages.RunResponse) => void,
  ) => Promise<void>;
}

/** One run of a program: what has gone wrong in it so far. */
type Run = Set<unknown>;

/** The run that the code belongs to which is executed at this moment, or which has thrown an error. */
const currentRun = new AsyncLocalStorage<Run>();

/** The programs of the stacks that a command works on. */
export class StackPrograms {
  private bundle: Promise<ServiceBundle> | undefined;

  /**
   * The program of a stack, which this process runs, for all stacks side by side: Pulumi's SDK takes longer to load than
   * the program to run. Undefined where Pulumi is to start a process for it: a stack with resources of the user's own,
   * whose code may count on having the process to itself.
   *
   * What the program will ask is asked at once: until Pulumi runs it, a second passes.
   */
  of(stack: string, config: StackConfig | undefined): PulumiFn | undefined {
    if (extraFile(projectFolder, stack) !== undefined) return undefined;
    hostSeveralPrograms();
    const loaded = import("../../stacks/index.ts");
    void loaded.then(loadForPrograms, () => undefined);
    this.bundle ??= bundleService();
    const { bundle } = this;
    let cluster = config && lookAtKind(config);
    for (const early of [loaded, bundle, cluster]) early?.catch(() => undefined);
    return async () => {
      const known = { bundle, cluster };
      // When Pulumi runs it again, something else may stand.
      cluster = undefined;
      return (await loaded).default(known);
    };
  }
}

/** What stands of a cluster that is made here. One that exists is for the program, which has the stack's secrets. */
function lookAtKind({ cluster, peers }: StackConfig): Promise<ClusterSurroundings> | undefined {
  return "context" in cluster ? undefined : lookAtCluster(cluster, [], images, peers.length > 0);
}

let isReady = false;

/**
 * Has the Automation API run several programs at once so that each one's errors are its own. As it comes, every program
 * fails over an error of any other one that nobody has caught.
 */
function hostSeveralPrograms(): void {
  if (isReady) return;
  isReady = true;
  // Where a program of Pulumi's own has its temporary files, a secret kubeconfig among them: they go with this process.
  process.env.TMPDIR = temporaryFolderOfPulumi();
  LanguageServer.prototype.run = function (this: ProgramServer, call, callback) {
    return withLocalStorage(async () => {
      const answer = new languageMessages.RunResponse();
      const errors: Run = new Set();
      await currentRun.run(errors, async () => {
        try {
          await runProgram(this.program, call.request);
        } catch (error) {
          tell(error);
        }
      });
      // They have been told already.
      if (errors.size > 0 || log.hasErrors()) answer.setBail(true);
      callback(undefined, answer);
    });
  };
  withholdDebugMessages();
  // Node calls these in the context of the code that the error comes from.
  process.on("uncaughtException", tell);
  process.on("unhandledRejection", tell);
}

/**
 * Sends no messages for debugging to Pulumi's engine, which would show them to nobody: there are some for each resource,
 * each a call of its own.
 */
function withholdDebugMessages(): void {
  const { log: send } = EngineClient.prototype;
  EngineClient.prototype.log = function (request, done) {
    if (request.getSeverity() !== engineMessages.LogSeverity.DEBUG) return send.call(this, request, done);
    done();
  };
}

async function runProgram(program: PulumiFn, request: RunRequest): Promise<void> {
  const [engine = ""] = request.getArgsList();
  runtime.resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    engine,
    request.getMonitorAddress(),
    request.getDryrun(),
    request.getOrganization(),
  );
  runtime.setAllConfig(Object.fromEntries(request.getConfigMap().entries()), request.getConfigsecretkeysList());
  process.setMaxListeners(runtime.getMaximumListeners());
  try {
    await runtime.runInPulumiStack(program);
    await waitForRPCs();
    // Node tells of an error that nobody has caught once nothing else is left to do.
    await nextTurn();
  } catch (error) {
    tell(error);
  }
  // The engine deletes what the program has not declared. After an error, that is not what it wants to be without.
  await runtime.disconnect(currentRun.getStore()?.size === 0 && !log.hasErrors());
}

/** Tells Pulumi's engine of an error in a program, once. One of something else ends the process, as Node would have it. */
function tell(error: unknown): void {
  const errors = currentRun.getStore();
  if (errors === undefined) {
    console.error(error);
    process.exit(1);
  }
  // A promise that others follow may come here once for each of them.
  if (errors.has(error)) return;
  errors.add(error);
  // The engine has gone away, or ends the program: it says why by itself.
  if (error instanceof InterruptedError || (error instanceof Error && isGrpcError(error))) return;
  if (RunError.isInstance(error)) void log.error(error.message);
  else if (ResourceError.isInstance(error)) {
    void log.error(error.hideStack === true ? error.message : inspect(error), error.resource);
  } else void log.error(`The program failed with an unhandled exception:\n${inspect(error)}`);
}
