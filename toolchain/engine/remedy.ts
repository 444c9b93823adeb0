import type { Machine } from "../core/machine.ts";
import { defaultSocket, type EngineAnswer } from "./probe.ts";

/**
 * What can be done about an engine that does not answer: start the system's service, install it if need be and start
 * it, or tell the user.
 */
export type Remedy = { by: "service" } | { by: "starting"; install: boolean } | { by: "the user"; message: string };

/** What the remedy depends on. */
export interface EngineFacts {
  machine: Pick<Machine, "platform" | "root" | "apt">;
  /** True when both the engine's program and the docker command are installed. */
  dockerd: boolean;
  /** True when systemd starts the machine's services. */
  systemd: boolean;
  /** The environment variable DOCKER_HOST. */
  dockerHost: string | undefined;
}

/** Leaves it to the user where starting the local engine would not help, or needs rights that this process lacks. */
export function chooseRemedy(answer: EngineAnswer & { answers: false }, facts: EngineFacts): Remedy {
  const { machine, dockerd, systemd, dockerHost } = facts;
  if (answer.because === "refusal") {
    return tellUser(
      "A Docker engine runs, but refuses this docker command. They may be too far apart: update the older one.",
      answer,
    );
  }
  if (dockerHost !== undefined && dockerHost !== defaultSocket) {
    return tellUser(`No Docker engine answers at DOCKER_HOST=${dockerHost}. Start it, or unset DOCKER_HOST.`, answer);
  }
  if (machine.platform !== "linux") {
    return tellUser(
      "No Docker engine answers. Start Docker Desktop, or get it from https://docs.docker.com/get-docker/.",
      answer,
    );
  }
  if (answer.because === "permission") {
    return tellUser("Docker's socket is not yours to use. `sudo usermod -aG docker $USER`, then log in anew.", answer);
  }
  if (!machine.root) {
    const get = dockerd ? "" : " If it is not installed, see https://docs.docker.com/engine/install/.";
    return tellUser(
      `No Docker engine answers, and starting one takes root's rights: \`sudo systemctl start docker\`.${get}`,
      answer,
    );
  }
  if (!dockerd && !machine.apt) {
    return tellUser("No Docker engine is installed. Get it: https://docs.docker.com/engine/install/.", answer);
  }
  return systemd && dockerd ? { by: "service" } : { by: "starting", install: !dockerd };
}

function tellUser(message: string, { detail }: { detail: string }): Remedy {
  return { by: "the user", message: detail === "" ? message : `${message}\nDocker says: ${detail}` };
}
