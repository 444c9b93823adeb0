import type { Machine } from "../core/machine.ts";
import { type Answer, defaultSocket } from "./probe.ts";

/** What can be done about an engine that does not answer. */
export type Remedy = { by: "service" } | { by: "starting"; install: boolean } | { by: "the user"; message: string };

/** What the choice depends on. */
export interface EngineFacts {
  machine: Pick<Machine, "platform" | "root" | "apt">;
  /** Whether the engine's program is installed, and the docker command with it. */
  dockerd: boolean;
  /** Whether the system starts services itself. */
  systemd: boolean;
  /** DOCKER_HOST, where it is set. */
  dockerHost: string | undefined;
}

/** Starts an engine where that is ours to do; else says who can, and how. */
export function chooseRemedy(answer: Answer & { answers: false }, facts: EngineFacts): Remedy {
  const { machine, dockerd, systemd, dockerHost } = facts;
  if (dockerHost !== undefined && dockerHost !== defaultSocket) {
    return ask(`No Docker engine answers at DOCKER_HOST=${dockerHost}. Start it, or unset DOCKER_HOST.`, answer);
  }
  if (machine.platform !== "linux") {
    return ask(
      "No Docker engine answers. Start Docker Desktop, or get it from https://docs.docker.com/get-docker/.",
      answer,
    );
  }
  if (answer.because === "permission") {
    return ask("Docker's socket is not yours to use. `sudo usermod -aG docker $USER`, then log in anew.", answer);
  }
  if (!machine.root) {
    const get = dockerd ? "" : " If it is not installed, see https://docs.docker.com/engine/install/.";
    return ask(
      `No Docker engine answers, and starting one takes root's rights: \`sudo systemctl start docker\`.${get}`,
      answer,
    );
  }
  if (!dockerd && !machine.apt) {
    return ask("No Docker engine is installed. Get it: https://docs.docker.com/engine/install/.", answer);
  }
  return systemd && dockerd ? { by: "service" } : { by: "starting", install: !dockerd };
}

function ask(message: string, { detail }: { detail: string }): Remedy {
  return { by: "the user", message: detail === "" ? message : `${message}\nDocker says: ${detail}` };
}
