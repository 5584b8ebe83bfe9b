import type { ReviewPartnerSettings } from './review-partner/review-partner';

/** How the simulators' process is set up; README.md lists the variables. */
export interface SimulatorSettings {
  host: string;
  /** Port of the control API and the main Money+ endpoint; 0: a free one. */
  port: number;
  /** Port of a second Money+ endpoint; left out: none. */
  money_plus_port?: number;
  secrets: string[];
  quick: boolean;
  log_file?: string;
  brokers: string[];
  events_url?: string;
  events_token?: string;
  /** The account that the acquirer's query is made with. */
  acquirer: { accessid: string; access_keys: string[] };
  review_partner: ReviewPartnerSettings;
}

/** The settings, or what is wrong with each variable (values are not repeated). */
export type ReadSettings = { ok: true; settings: SimulatorSettings } | { ok: false; problems: string[] };

/** Reads the settings from an environment. */
export function readSettings(environment: Record<string, string | undefined>): ReadSettings {
  const problems: string[] = [];
  const text = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const list = (name: string): string[] => splitList(text(name) ?? '');
  const port = (name: string): number | undefined => {
    const value = text(name);
    if (value !== undefined && !(/^\d{1,5}$/.test(value) && Number(value) <= 65_535)) {
      problems.push(`${name} must be a port, 0 for a free one`);
    }
    return value === undefined ? undefined : Number(value);
  };

  const secrets = list('MONEY_PLUS_SECRETS');
  if (secrets.length === 0)
    problems.push('MONEY_PLUS_SECRETS must name at least one secret, separated by commas');
  const acquirerKeys = list('ACQUIRER_KEYS');
  const quick = text('MONEY_PLUS_QUICK');
  if (quick !== undefined && quick !== '0' && quick !== '1') problems.push('MONEY_PLUS_QUICK must be 0 or 1');
  const eventsUrl = text('KYC_EVENTS_URL');
  if (eventsUrl !== undefined && !URL.canParse(eventsUrl)) problems.push('KYC_EVENTS_URL must be a URL');
  const reviewUrl = text('REVIEW_NOTIFY_URL');
  if (reviewUrl !== undefined && !URL.canParse(reviewUrl)) problems.push('REVIEW_NOTIFY_URL must be a URL');
  const timeScale = Number(text('REVIEW_TIME_SCALE') ?? '0.001');
  if (!(timeScale >= 0)) problems.push('REVIEW_TIME_SCALE must be a number from 0');
  const settings: SimulatorSettings = {
    host: text('HOST') ?? '127.0.0.1',
    port: port('PORT') ?? 0,
    secrets,
    quick: quick === '1',
    brokers: list('KAFKA_BROKERS'),
    acquirer: {
      accessid: text('ACQUIRER_ACCESSID') ?? 'simulated-acquirer',
      access_keys: acquirerKeys.length > 0 ? acquirerKeys : ['0123456789abcdef0123456789abcdef'],
    },
    review_partner: {
      ...(reviewUrl === undefined ? {} : { url: reviewUrl }),
      institution_id: text('REVIEW_INSTITUTION_ID') ?? '2022070222130610237',
      salt: text('REVIEW_SALT') ?? 'simulated-salt',
      time_scale: timeScale,
    },
  };
  const moneyPlusPort = port('MONEY_PLUS_PORT');
  const logFile = text('MONEY_PLUS_LOG');
  const token = text('PUBLISHER_TOKEN');
  if (moneyPlusPort !== undefined) settings.money_plus_port = moneyPlusPort;
  if (logFile !== undefined) settings.log_file = logFile;
  if (eventsUrl !== undefined) settings.events_url = eventsUrl;
  if (token !== undefined) settings.events_token = token;
  return problems.length === 0 ? { ok: true, settings } : { ok: false, problems };
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
