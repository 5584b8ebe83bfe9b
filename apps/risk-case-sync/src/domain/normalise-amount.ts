const PLAIN = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/;
const GROUPED = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;

/**
 * One text for each amount, whatever way it is written: no leading zeros, no grouping, no exponent, no zeros at the end
 * of the fraction. An amount that is none stays as it is.
 */
export function normaliseAmount(text: string): string {
  const match = PLAIN.exec(GROUPED.test(text) ? text.replaceAll(',', '') : text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const point = whole.length + Number(exponent);
  const digits = `${'0'.repeat(Math.max(0, -point))}${whole}${fraction}`.padEnd(point, '0');
  const cut = Math.max(0, point);
  const units = digits.slice(0, cut).replace(/^0+(?=\d)/, '') || '0';
  const rest = digits.slice(cut).replace(/0+$/, '');
  const amount = rest === '' ? units : `${units}.${rest}`;
  return sign === '-' && amount !== '0' ? `-${amount}` : amount;
}
