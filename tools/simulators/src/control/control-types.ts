import type { EventMode } from '../upstream/cloud-event-encoding';
import type { PublishedPart } from '../upstream/upstream-publisher';
import type { EndpointInfo } from '../money-plus/endpoint';
import type { ReceivedRequest } from '../money-plus/received-request';

/** Answer of `GET /control/info`. */
export interface SimulatorInfo {
  pid: number;
  /** Where the control API and the main Money+ endpoint are served. */
  url: string;
  status_url: string;
  info_url: string;
  /** The acquirer's query. */
  acquirer_url: string;
  quick: boolean;
  log_file: string | null;
  /** Further Money+ endpoints, each on a port of its own. */
  endpoints: EndpointInfo[];
  /** Which ways to publish are set up. */
  upstream: { kafka: boolean; http: boolean };
}

/** Answer of `GET /control/received`. */
export interface ReceivedPage {
  items: ReceivedRequest[];
  /** Pass as `since` to get what follows. */
  next: number;
  /** Index that the next request received will get; the page is the last one when `next` equals it. */
  end: number;
}

/** Answer of `GET /control/wait`. */
export interface WaitAnswer {
  /** False when the time was over first. */
  complete: boolean;
  count: number;
  /** The requests that held; empty with `items=false`. */
  items: ReceivedRequest[];
}

/** An event to publish over the control API; id, time and source are made up where left out. */
export interface EventToPublish {
  type: string;
  data: Record<string, unknown>;
  id?: string;
  time?: string;
  source?: string;
}

/** Body of `POST /control/upstream`. */
export interface PublishOrder {
  via?: 'kafka' | 'http';
  mode?: EventMode;
  /** Bearer token for `http`, instead of the one set up. */
  token?: string;
  events: EventToPublish[];
}

/** Answer of `POST /control/upstream`. */
export interface PublishAnswer {
  /** Ids of the events, in order. */
  ids: string[];
  /** Over Kafka: where they came to lie. */
  parts?: PublishedPart[];
  /** Over HTTP: what kyc-status-publisher answered. */
  answer?: { status: number; body: string };
}
