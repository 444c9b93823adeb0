import { engineAddress } from "../../host/docker.ts";
import { engineInfo } from "../../host/engine-info.ts";

/** A Docker engine, as a state remembers it. */
export interface Engine {
  /** The same for as long as the engine keeps its data. */
  id: string;
  /** The name of the machine that it runs on. */
  name: string;
  /** The address that it answered at, such as `unix:///var/run/docker.sock`. */
  address: string;
}

/** The engine that answers the docker command; undefined when it tells no id. @throws CommandError when none answers */
export async function currentEngine(): Promise<Engine | undefined> {
  const [{ ID: id = "", Name: name = "" }, address] = await Promise.all([engineInfo(), engineAddress()]);
  return id === "" ? undefined : { id, name, address };
}
