/** Values that stand nowhere by chance, by what they are; the identity numbers have right check digits where they need them. */
export const PERSON = {
  kyc: {
    identity: ['IC-880214-14-9931', 'IC-880214-14-9932', 'IC-880214-14-9933', 'IC-880214-14-9934'],
    other: [
      'Aisyah Planted-Name',
      '+60119988776',
      '+60119988777',
      '12 Jalan Planted',
      '14 Jalan Mailing',
      '1988-02-14',
    ],
  },
  payee: {
    identity: ['11010519491231002X', '440524188001010014'],
    other: ['诸葛冠测', 'planted.person@grigora.com', '5550007777', '翠湖南路九号'],
  },
  review: { identity: ['330106199203054412', '330106199203054413'] },
  risk: {
    identity: ['411221189005058035', '411221189005058036'],
    other: ['申诉人甲乙', '13389890098', '联系人丙丁'],
  },
} as const;

/** What partners and we keep from everybody. */
export const SECRETS = {
  business: 'planted-secret-of-money-plus',
  merchant: 'planted-token-of-the-merchant',
  salt: 'planted-salt-of-the-institution',
  accessKey: 'planted-access-key-of-the-acquirer',
  clientKey: 'planted-access-key-of-the-client',
} as const;
