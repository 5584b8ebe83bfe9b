/** A point that one side waits at until the other side opens it. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

/** Makes a gate, closed. Opening it again does nothing. */
export function createGate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
