import type { AcquirerCase } from './acquirer-case';
import { seededRandom } from './seeded-random';

/** What cases are made up. */
export interface GenerateOptions {
  count: number;
  /** The same seed gives the same cases. */
  seed: number;
  agent: string;
  /** Creation times lie between, `yyyy-MM-dd HH:mm:ss`. */
  from: string;
  to: string;
  /** Share of the cases that are not final; 0.3 where left out. */
  open_share?: number;
  /** Merchants that the cases are spread over; 40 where left out. */
  merchants?: number;
}

const OPEN = ['DTJ', 'DSH', 'HT'];
const HOST = 'https://dfs-test.icardpay.com/';
const CATEGORIES = ['CARD_POSITIVE', 'BUSLICENSE', 'DOOR_PHOTO', 'TRADE_VOUCHER', 'SUPPLEMENT'];

/** Makes cases up, as untidy as the documentation's examples: empty texts, missing fields, repeated hosts, archives. */
export function generateCases(options: GenerateOptions): AcquirerCase[] {
  const random = seededRandom(options.seed);
  const [from, to] = [options.from, options.to].map((time) => Date.parse(`${time.replace(' ', 'T')}Z`)) as [
    number,
    number,
  ];
  const upTo = (count: number): number => Math.floor(random() * count);
  const digits = (length: number): string => Array.from({ length }, () => upTo(10)).join('');
  return Array.from({ length: options.count }, (_, index) => {
    const created = writeTime(from + Math.floor(random() * (to - from)));
    const flowNo = `${created.replaceAll(/\D/g, '')}${digits(6)}${String(index).padStart(9, '0')}`;
    const isOpen = random() < (options.open_share ?? 0.3);
    const one: AcquirerCase = {
      flowNo,
      flowStatus: isOpen ? OPEN[upTo(OPEN.length)] : 'SHTG',
      createTime: random() < 0.1 ? `${created}.0` : created,
      firstLevelAgentNum: options.agent,
      firstLevelAgentName: `${options.agent}名称`,
      agentNum: `ISV${digits(6)}`,
      agentName: '直属名称',
      mercNum: `8331021533${String(upTo(options.merchants ?? 40)).padStart(5, '0')}`,
      mercName: '北京金艺晟珠宝有限公司',
      mercType: '10C',
      idCardNo: `4112211989${digits(8)}`,
      busLicNum: digits(10),
      address: '北京',
      mainBusiness: '餐饮',
      alRealId: random() < 0.5 ? '' : digits(11),
      isAppeal: ['', 'Y', 'N'][upTo(3)],
      appealResult: '',
      claimantName: '申诉人姓名xxx',
      claimantPhone: `133${digits(8)}`,
      claimantReason: '申诉理由描述xxxx',
      productType: random() < 0.5 ? 'WX' : 'AL',
      complainType: '欺诈',
      firstMeasure: '关闭微信交易',
      finalMeasure: isOpen ? '' : '2,4,6,8',
      upperProcessMethod: '关闭微信',
      detailList: Array.from({ length: 1 + upTo(2) }, () => ({
        riskIdentificationTime: `${created}.0`,
        businessTradeNo: digits(20),
        amount: `${upTo(100_000)}.00`,
        complainantName: '2',
        complainMsg: '投诉内容',
        contact: digits(6),
        riskType: '类型2',
        riskDesc: '描述1',
        materialRemark: '备注2',
      })),
      approveList: Array.from({ length: upTo(4) }, () => ({
        operatorTime: created,
        flowNo,
        operator: options.agent,
      })),
      caseImgList: CATEGORIES.slice(0, 1 + upTo(CATEGORIES.length)).map((category) => ({
        category,
        path: pathOf(category, digits(12), random),
      })),
    };
    if (random() < 0.2) Reflect.deleteProperty(one, 'mercName');
    if (random() < 0.05) one['neverDocumented'] = { level: upTo(9), tags: ['a', ''] };
    return one;
  });
}

/** `yyyy-MM-dd HH:mm:ss`; the zone does not matter to one who only compares. */
export function writeTime(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19).replace('T', ' ');
}

function pathOf(category: string, name: string, random: () => number): string {
  const extension = category === 'SUPPLEMENT' ? 'rar' : 'jpeg';
  const file = `${HOST}/group1/M00/00/A8/${name}.${extension}`;
  if (random() < 0.2) return `${HOST}${HOST}${file},${file}`;
  return random() < 0.3 ? `${file},${HOST}/group1/M00/00/A9/${name}.${extension}` : file;
}
