import type { RequestListener } from 'node:http';
import { Acquirer, ACQUIRER_PATH } from './acquirer/acquirer';
import { exampleAnswer } from './acquirer/acquirer-case';
import { CONTROL_PREFIX, serveControl } from './control/control-api';
import type { Controlled } from './control/control-api';
import type { SimulatorInfo } from './control/control-types';
import { EndpointBook } from './control/endpoint-book';
import { CallbackReceiver, nowMs } from './money-plus/callback-receiver';
import { Endpoint } from './money-plus/endpoint';
import { JournalFile } from './money-plus/journal-file';
import { sendReply } from './money-plus/perform';
import { jsonReply } from './money-plus/reply';
import { ReviewPartner } from './review-partner/review-partner';
import type { SimulatorSettings } from './settings';
import { UpstreamPublisher } from './upstream/upstream-publisher';

/** Asked by what supervises processes, here as of any service; no callback, so not recorded. */
const PROBES = ['/livez', '/readyz'];
const HEALTHY = jsonReply(200, '{"status":"ok"}');

/** The simulators, running. */
export interface Simulators {
  info: () => SimulatorInfo;
  /** Cuts all connections and waits until everything is written and closed. */
  close: () => Promise<void>;
}

/** Starts the Money+ endpoint, the acquirer and the control API on one port, further endpoints, and those who send of their own: upstream and the review partner. */
export async function startSimulators(settings: SimulatorSettings): Promise<Simulators> {
  const { host, quick, secrets, brokers, events_url: eventsUrl, events_token: token } = settings;
  const file = settings.log_file === undefined ? undefined : new JournalFile(settings.log_file, nowMs());
  const receiver = new CallbackReceiver({ secrets, quick, ...(file === undefined ? {} : { file }) });
  const takeCallback: RequestListener = receiver.handle.bind(receiver);
  const publisher = new UpstreamPublisher({
    brokers,
    ...(eventsUrl === undefined ? {} : { events_url: eventsUrl }),
    ...(token === undefined ? {} : { token }),
  });
  const endpoints = new EndpointBook(takeCallback, host);
  const describe = (): Omit<SimulatorInfo, 'endpoints'> => ({
    pid: process.pid,
    url: main.url,
    status_url: main.statusUrl,
    info_url: main.infoUrl,
    acquirer_url: main.url + ACQUIRER_PATH,
    quick,
    log_file: settings.log_file ?? null,
    upstream: { kafka: brokers.length > 0, http: eventsUrl !== undefined },
  });
  const { acquirer: account } = settings;
  const acquirer = new Acquirer(account);
  // There from the start: they were created long ago, and a case that turns up behind the windows is found once a day.
  acquirer.cases.put(exampleAnswer().respData.list);
  const reviews = new ReviewPartner({ ...settings.review_partner });
  const controlled: Controlled = {
    receiver,
    endpoints,
    publisher,
    acquirer: { acquirer, account },
    reviews,
    describe,
  };
  const main = await Endpoint.open(
    'main',
    (request, response) => {
      const url = request.url ?? '/';
      if (url.startsWith(CONTROL_PREFIX)) void serveControl(request, response, controlled);
      else if (PROBES.includes(url)) sendReply(HEALTHY, response, () => undefined);
      else if (request.url === ACQUIRER_PATH) void acquirer.handle(request, response);
      else takeCallback(request, response);
    },
    { host, port: settings.port },
  );
  if (settings.money_plus_port !== undefined) await endpoints.open(settings.money_plus_port);

  return {
    info: () => ({ ...describe(), endpoints: endpoints.list() }),
    close: async () => {
      receiver.waiting.close();
      await Promise.all([main.close(), endpoints.closeAll(), publisher.close(), reviews.close()]);
      await file?.close();
    },
  };
}
