/** A control request that cannot be served; told to the caller as `{"error"}` with the status. */
export class ControlProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}
