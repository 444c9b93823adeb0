/** The port that services' containers listen on; their Services offer it, too, in addition to {@link httpPort}. */
export const servicePort = 5000;

/** The port of every Service, for HTTP. */
export const httpPort = 80;
