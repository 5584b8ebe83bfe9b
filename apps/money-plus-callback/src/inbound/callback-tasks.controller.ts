import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { Actor, readAction, RequireRole } from '@kyc-relay/access';
import { badRequest, ProblemException, RawBody, readQuery } from '@kyc-relay/http';
import { REFUSAL_TEXTS } from '../domain/operator-actions';
import { CancelTasks } from '../handlers/cancel-tasks';
import { RedriveTasks, type ActionResult, type OperatorAction } from '../handlers/redrive-tasks';
import { ViewTasks, type TaskDetails, type TaskItem } from '../handlers/view-tasks';
import {
  CancelTaskDto,
  CancelTasksDto,
  ListTasksDto,
  RedriveTaskDto,
  RedriveTasksDto,
} from './callback-tasks.dto';
import { readCursor, writeCursor } from './page-cursor';
import { readTaskId, toActionFilter, toFilter } from './read-request';

const DEFAULT_LIMIT = 50;

/** Tasks that were not acted on, with the code of why. */
interface RefusedTask {
  task_id: string;
  reason: string;
}

/** The operator API on callbacks. Source: kyc-to-money-plus.md, "Operator API". */
@Controller('v1/callback-tasks')
export class CallbackTasksController {
  constructor(
    @Inject(ViewTasks) private readonly view: ViewTasks,
    @Inject(RedriveTasks) private readonly redrives: RedriveTasks,
    @Inject(CancelTasks) private readonly cancels: CancelTasks,
  ) {}

  /** A page of tasks, newest first. */
  @Get()
  @RequireRole('viewer')
  async list(@Query() query: unknown): Promise<{ items: TaskItem[]; next_cursor: string | null }> {
    const dto = readQuery(ListTasksDto, query);
    const after = dto.cursor === undefined ? null : readCursor(dto.cursor);
    if (dto.cursor !== undefined && after === null) {
      throw badRequest([{ field: 'cursor', message: 'must be the next_cursor of an earlier answer' }]);
    }
    const limit = dto.limit === undefined ? DEFAULT_LIMIT : Number(dto.limit);
    const page = await this.view.list(toFilter(dto), after, limit);
    return { items: page.items, next_cursor: page.end === null ? null : writeCursor(page.end) };
  }

  /** One task with its attempts; 404 when there is none. */
  @Get(':task_id')
  @RequireRole('viewer')
  async read(@Param('task_id') taskId: string): Promise<TaskDetails> {
    return (await this.view.details(readTaskId(taskId))) ?? notFound();
  }

  /** Redrives by filter. */
  @Post('redrive')
  @HttpCode(200)
  @RequireRole('operator')
  async redriveMany(
    @RawBody() body: Buffer,
    @Actor() actor: string,
  ): Promise<{ matched: number; redriven: number; refused: RefusedTask[] }> {
    const dto = readAction(RedriveTasksDto, body);
    const options = { force: dto.force ?? false, dryRun: dto.dry_run ?? false };
    const result = await this.redrives.byFilter(
      toActionFilter(dto.filter),
      options,
      actionOf(actor, dto.reason),
    );
    return { matched: result.matched, redriven: result.done, refused: result.refused.map(toRefused) };
  }

  /** Cancels by filter. */
  @Post('cancel')
  @HttpCode(200)
  @RequireRole('operator')
  async cancelMany(
    @RawBody() body: Buffer,
    @Actor() actor: string,
  ): Promise<{ matched: number; cancelled: number; refused: RefusedTask[] }> {
    const dto = readAction(CancelTasksDto, body);
    const result = await this.cancels.byFilter(
      toActionFilter(dto.filter),
      dto.dry_run ?? false,
      actionOf(actor, dto.reason),
    );
    return { matched: result.matched, cancelled: result.done, refused: result.refused.map(toRefused) };
  }

  /** Sends one ended task again; 409 with the code when it may not be. */
  @Post(':task_id/redrive')
  @HttpCode(202)
  @RequireRole('operator')
  async redrive(
    @Param('task_id') taskId: string,
    @RawBody() body: Buffer,
    @Actor() actor: string,
  ): Promise<TaskItem> {
    const id = readTaskId(taskId);
    const dto = readAction(RedriveTaskDto, body);
    return await this.answer(
      id,
      await this.redrives.one(id, dto.force ?? false, actionOf(actor, dto.reason)),
    );
  }

  /** Ends one pending task; 409 when it has ended. */
  @Post(':task_id/cancel')
  @HttpCode(200)
  @RequireRole('operator')
  async cancel(
    @Param('task_id') taskId: string,
    @RawBody() body: Buffer,
    @Actor() actor: string,
  ): Promise<TaskItem> {
    const id = readTaskId(taskId);
    const dto = readAction(CancelTaskDto, body);
    return await this.answer(id, await this.cancels.one(id, actionOf(actor, dto.reason)));
  }

  private async answer(taskId: string, result: ActionResult): Promise<TaskItem> {
    if (result.kind === 'refused') {
      throw new ProblemException(409, result.code, 'Conflict', { detail: REFUSAL_TEXTS[result.code] });
    }
    const item = result.kind === 'done' ? await this.view.item(taskId) : undefined;
    return item ?? notFound();
  }
}

function actionOf(actor: string, reason: string): OperatorAction {
  return { actor, reason, at: new Date() };
}

function toRefused(refused: { taskId: string; code: string }): RefusedTask {
  return { task_id: refused.taskId, reason: refused.code };
}

function notFound(): never {
  throw new ProblemException(404, 'callback.unknown-task', 'Not Found', { detail: 'there is no such task' });
}
