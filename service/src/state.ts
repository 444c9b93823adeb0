/** What changes while the service runs. One object per running service, handed to whatever depends on it. */
export interface ServiceState {
  /** True from the stop signal on: not ready any more, and every answer closes its connection. */
  draining: boolean;
}
