import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

const actors = new WeakMap<object, string>();

/** Keeps who makes a request until its handler asks. */
export function rememberActor(request: object, actor: string): void {
  actors.set(request, actor);
}

/** The parameter of a `@RequireRole` handler that is the name of the token it was called with, for the audit log. */
export const Actor = createParamDecorator((_data: undefined, context: ExecutionContext): string => {
  const actor = actors.get(context.switchToHttp().getRequest<object>());
  if (actor === undefined) throw new Error('@Actor needs @RequireRole on the handler');
  return actor;
});
