/** What changes while a service runs. All parts of one running service share one object. */
export interface ServiceState {
  /** True from the stop signal on. The service is no longer ready then, and every answer closes its connection. */
  draining: boolean;
}
