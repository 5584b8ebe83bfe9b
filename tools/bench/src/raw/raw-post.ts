import { Pool } from 'undici';
import { closedLoop } from '../workload/closed-loop';

/** One request, the same every time. */
export interface RawPost {
  url: string;
  headers: Record<string, string>;
  body: string;
  connections: number;
  count: number;
}

/** Posts the same bytes again and again over so many connections; returns answers a second. */
export async function postRaw(post: RawPost): Promise<number> {
  const { origin, pathname } = new URL(post.url);
  const pool = new Pool(origin, { connections: post.connections, pipelining: 1 });
  const body = Buffer.from(post.body);
  const { perSecond } = await closedLoop(post.connections, post.count, async () => {
    const answer = await pool.request({ path: pathname, method: 'POST', headers: post.headers, body });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${post.url}: ${answer.statusCode} ${text}`);
  });
  await pool.close();
  return perSecond;
}
