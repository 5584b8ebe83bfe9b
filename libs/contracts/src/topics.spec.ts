import { dlqOf, TOPIC_DECLARATIONS, TOPICS } from './topics';

const DAY_MS = 86_400_000;

describe('topic declarations', () => {
  const byName = new Map(TOPIC_DECLARATIONS.map((declaration) => [declaration.name, declaration]));

  it('declare every topic and its dead-letter topic once', () => {
    expect([...byName.keys()].sort()).toEqual(
      Object.values(TOPICS)
        .flatMap((name) => [name, dlqOf(name)])
        .sort(),
    );
    expect(TOPIC_DECLARATIONS).toHaveLength(byName.size);
  });

  it.each(Object.values(TOPICS))(
    'keep %s 7 days and its dead letters 30 days, with room for any input',
    (name) => {
      expect(byName.get(name)).toMatchObject({ partitions: 6, retentionMs: 7 * DAY_MS });
      expect(byName.get(dlqOf(name))).toMatchObject({
        partitions: 6,
        retentionMs: 30 * DAY_MS,
        config: { 'max.message.bytes': '2097152' },
      });
    },
  );
});
