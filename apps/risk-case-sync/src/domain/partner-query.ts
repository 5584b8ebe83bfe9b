import { formatLocalTime, type Zone } from './zone-time';
import type { SyncWindow } from './sync-window';

/** Rows a page; the partner takes no other number (risk-cases.md, Pull). */
export const PAGE_SIZE = 20;
/** Most cases of one query. */
export const MOST_FLOW_NOS = 20;

/** What the partner is asked: the body of its query, unsigned. */
export interface PartnerQuery {
  flowNo: string;
  firstLevelAgentNum: string;
  mercNum: string;
  flowStatus: string;
  createTimeBegin: string;
  createTimeEnd: string;
  /** The number of the page, from 1. */
  beginLine: number;
  pageSize: number;
}

/** Asks for one page of a range of creation times. */
export function queryWindow(agent: string, window: SyncWindow, page: number, zone: Zone): PartnerQuery {
  return {
    ...emptyQuery(agent),
    createTimeBegin: formatLocalTime(window.from, zone),
    createTimeEnd: formatLocalTime(window.to, zone),
    beginLine: page,
  };
}

/** Asks for cases by their numbers, at most {@link MOST_FLOW_NOS}. */
export function queryCases(agent: string, flowNos: readonly string[]): PartnerQuery {
  return { ...emptyQuery(agent), flowNo: flowNos.join(',') };
}

function emptyQuery(agent: string): PartnerQuery {
  return {
    flowNo: '',
    firstLevelAgentNum: agent,
    mercNum: '',
    flowStatus: '',
    createTimeBegin: '',
    createTimeEnd: '',
    beginLine: 1,
    pageSize: PAGE_SIZE,
  };
}
