import { defaultPort, httpPort as portForHttp } from "../../config/workload.ts";

/** The port that the identity service and proxies listen on; its Service offers it, too, in addition to {@link httpPort}. */
export const servicePort = defaultPort;

/** The port of every Service, for HTTP. */
export const httpPort = portForHttp;
