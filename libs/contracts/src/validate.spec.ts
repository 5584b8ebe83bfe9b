import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  Allow,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { DtoClass } from './compiled-rules';
import { IsText } from './rules.decorator';
import { validateDto } from './validate';

class Part {
  @IsText({ max: 3 })
  code!: string;
}

class Whole {
  @IsText({ max: 3 })
  name!: string;

  @IsOptional()
  @IsInt()
  @Max(10)
  count?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => Part)
  part?: Part;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Part)
  parts?: Part[];

  @IsOptional()
  @IsArray()
  @IsText({ max: 3 }, { each: true })
  tags?: string[];

  @Allow()
  free?: unknown;
}

class Tree {
  @IsOptional()
  @ValidateNested()
  @Type(() => Tree)
  child?: Tree;
}

function errorsOf(plain: unknown): string[] {
  const checked = validateDto(Whole, plain, 'data');
  return checked.ok ? [] : checked.errors.map((error) => `${error.field} ${error.message}`);
}

describe('validateDto', () => {
  it('gives an instance of the class, nested classes too, with the fields that are there and no others', () => {
    const checked = validateDto(Whole, {
      name: 'a',
      count: null,
      part: { code: 'x' },
      parts: [{ code: 'y' }],
      free: [1],
    });
    if (!checked.ok) throw new Error('refused');
    expect(checked.value).toBeInstanceOf(Whole);
    expect(checked.value.part).toBeInstanceOf(Part);
    expect(checked.value.parts?.[0]).toBeInstanceOf(Part);
    expect(Object.keys(checked.value)).toEqual(['name', 'part', 'parts', 'free']);
  });

  it.each<[unknown, string[]]>([
    [{ name: 'a' }, []],
    [undefined, ['data is missing']],
    [null, ['data must be an object']],
    [[], ['data must be an object']],
    ['text', ['data must be an object']],
    [{}, ['data.name is missing']],
    [{ name: 5 }, ['data.name must be a text of 1 to 3 characters']],
    [{ name: 'a', count: 11 }, ['data.count count must not be greater than 10']],
    [{ name: 'a', count: '1' }, ['data.count count must be an integer number']],
    [{ name: 'a', part: 'x' }, ['data.part must be an object']],
    [{ name: 'a', part: [] }, ['data.part must be an object']],
    [{ name: 'a', part: { code: 'long' } }, ['data.part.code must be a text of 1 to 3 characters']],
    [{ name: 'a', parts: {} }, ['data.parts parts must be an array']],
    [{ name: 'a', parts: [{ code: 'x' }, null] }, ['data.parts[1] must be an object']],
    [{ name: 'a', parts: [{ code: 'x' }, {}] }, ['data.parts[1].code is missing']],
    [{ name: 'a', tags: ['x', 1] }, ['data.tags[1] must be a text of 1 to 3 characters']],
    [{ name: 'a', other: 1 }, ['data.other is not a known field']],
    [{ name: 'a', part: { code: 'x', other: 1 } }, ['data.part.other is not a known field']],
    [{ name: 'a', 'Jl. Merdeka 5': 1 }, ['data has an unknown field']],
    [JSON.parse('{"name":"a","__proto__":{"name":"b"}}'), ['data has an unknown field']],
    [JSON.parse('{"name":"a","constructor":1}'), ['data.constructor is not a known field']],
    [{ name: 'a\0' }, ['data.name must not contain NUL or half of a surrogate pair']],
    [{ name: '\ud83d' }, ['data.name must not contain NUL or half of a surrogate pair']],
    [{ name: '\ude00' }, ['data.name must not contain NUL or half of a surrogate pair']],
    [{ name: '😀😀😀' }, []],
    [{ name: '😀😀😀😀' }, ['data.name must be a text of 1 to 3 characters']],
    [{ name: 'a', tags: ['x', 'b\0'] }, ['data.tags[1] must not contain NUL or half of a surrogate pair']],
    [{ name: 'a', free: { deep: ['a\0'] } }, ['data.free must not contain NUL or half of a surrogate pair']],
    [{ name: 'a', free: { 'a\0': 1 } }, ['data.free must not contain NUL or half of a surrogate pair']],
  ])('judges %j', (plain, expected) => {
    expect(errorsOf(plain)).toEqual(expected);
  });

  it('stops at 20 errors and reads no further', () => {
    expect(
      errorsOf(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`f${i}`, 1]))),
    ).toHaveLength(20);
    expect(errorsOf({ name: 'a', tags: Array.from({ length: 100_000 }, () => 1) })).toHaveLength(20);
  });

  it('ends at a depth, in free and in declared fields', () => {
    const deep: unknown = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000));
    expect(errorsOf({ name: 'a', free: deep })).toEqual(['data.free must not be nested more than 32 deep']);
    const chain: unknown = JSON.parse('{"child":'.repeat(50_000) + '{}' + '}'.repeat(50_000));
    expect(validateDto(Tree, chain).ok).toBe(false);
  });

  it('leaves unknown fields out where they are ignored, and checks their text all the same', () => {
    const checked = validateDto(
      Whole,
      { name: 'a', part: { code: 'x', newer: 1 }, newer: { a: 1 } },
      '',
      'ignored',
    );
    expect(checked).toEqual({ ok: true, value: { name: 'a', part: { code: 'x' } } });
    expect(validateDto(Whole, { name: 'a', newer: ['\0'] }, '', 'ignored')).toMatchObject({
      errors: [{ field: 'newer' }],
    });
  });

  it('never shows a value, whatever a message asks for', () => {
    class Quoting {
      @MinLength(5, { message: '$value of $property is under $constraint1' })
      secret!: string;
    }
    expect(validateDto(Quoting, { secret: 'abc' })).toEqual({
      ok: false,
      errors: [{ field: 'secret', message: 'the value of secret is under 5' }],
    });
  });

  it('leaves a field out whose condition does not hold', () => {
    class Conditional {
      @IsString()
      kind!: string;

      @ValidateIf((object: Conditional) => object.kind === 'a')
      @IsInt()
      size?: number;
    }
    expect(validateDto(Conditional, { kind: 'b', size: 'x' })).toEqual({ ok: true, value: { kind: 'b' } });
    expect(validateDto(Conditional, { kind: 'a', size: 'x' }).ok).toBe(false);
  });

  it('throws for classes that it cannot check: a mistake in the program', () => {
    class Bare {
      size!: number;
    }
    class Untyped {
      @ValidateNested()
      part!: Part;
    }
    class Grouped {
      @IsInt({ groups: ['g'] })
      size!: number;
    }
    const classes: DtoClass[] = [Bare, Untyped, Grouped];
    for (const dto of classes) expect(() => validateDto(dto, {})).toThrow(dto.name);
  });
});
