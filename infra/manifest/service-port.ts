import { defaultPort } from "../../config/workload.ts";

/** The port that the identity service and proxies listen on; its Service offers it, too, in addition to port 80. */
export const servicePort = defaultPort;
