import { checkPrerequisites } from '../prerequisites/check.mjs';
import { readJavaMajor } from '../prerequisites/java-version.mjs';
import { isSupportedNode } from '../prerequisites/node-version.mjs';

describe('isSupportedNode', () => {
  it.each(['20.19.0', 'v20.20.2', '22.12.0', '22.21.1', '23.0.0', '24.1.0'])('takes %s', (version) => {
    expect(isSupportedNode(version)).toBe(true);
  });

  it.each(['16.20.2', '18.20.8', '20.18.3', '21.7.3', '22.11.0', ''])('refuses "%s"', (version) => {
    expect(isSupportedNode(version)).toBe(false);
  });
});

describe('readJavaMajor', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_392"', 8],
    ['openjdk version "24-ea" 2025-03-18', 24],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "21.0.2" 2024-01-16', 21],
    ['The operation couldn’t be completed. Unable to locate a Java Runtime.', undefined],
  ])('reads %j as %p', (printed, major) => {
    expect(readJavaMajor(printed)).toBe(major);
  });
});

describe('checkPrerequisites', () => {
  it('says that Java is missing and how to get it', () => {
    expect(() => checkPrerequisites({ PATH: '/nowhere' })).toThrow(
      /Java 17 or newer.*apt-get install openjdk/s,
    );
  });

  it('wants neither Java nor Maven for a Kafka that is there', () => {
    expect(checkPrerequisites({ PATH: '/nowhere', KAFKA_BROKERS: '127.0.0.1:9092' })).toEqual({});
  });
});
