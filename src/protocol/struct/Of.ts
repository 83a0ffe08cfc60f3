import type {
  CountBelow,
  Either,
  ListOf,
  MapOf,
  Named,
  OneOf,
  Pattern,
  Shape,
} from '../wire/findShapeError.ts';

/**
 * Type of the values that a shape admits, so that one declaration is the check and the type.
 *
 * @example
 * ```ts
 * const PLACE = { log: 'text', index: 'count', 'body?': 'text' } as const;
 * type Place = Of<typeof PLACE>;
 * ```
 */
export type Of<S> = Shape extends S ? unknown : OfOne<S>;

type OfOne<S> = S extends 'any'
  ? unknown
  : S extends 'boolean'
    ? boolean
    : S extends 'count' | 'number' | CountBelow
      ? number
      : S extends 'text'
        ? string
        : S extends Named<infer Inner, infer Type>
          ? Given<Type, Inner>
          : S extends OneOf<infer Word>
            ? Word
            : S extends Pattern<infer Text>
              ? Text
              : S extends Either<infer Shapes, infer Type>
                ? Given<Type, Shapes[number]>
                : S extends ListOf<infer Item>
                  ? readonly Of<Item>[]
                  : S extends MapOf<infer Value>
                    ? Readonly<Record<string, Of<Value>>>
                    : S extends readonly [infer Item]
                      ? readonly Of<Item>[]
                      : Fields<S>;

/** The type that a shape was given by name; that of the inner shape if it was given none. */
type Given<Type, Inner> = unknown extends Type ? Of<Inner> : Type;

type Fields<S> = Flat<
  {
    readonly [Name in keyof S as Name extends `${string}?` ? never : Name]: Of<S[Name]>;
  } & {
    readonly [Name in keyof S as Name extends `${infer Bare}?` ? Bare : never]?: Of<S[Name]>;
  }
>;

type Flat<T> = { [Name in keyof T]: T[Name] };

/** `true` if two types have the same fields, whichever way they are written. */
export type Same<A, B> = Alike<Plain<A>, Plain<B>>;

type Alike<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** A type whose optional fields are required, and may be `Absent` instead: two of them fit each other only if equal. */
type Plain<T> = T extends readonly (infer Item)[]
  ? readonly Plain<Item>[]
  : T extends object
    ? { [Name in keyof T]-?: Plain<T[Name]> | (object extends Pick<T, Name> ? Absent : never) }
    : T;

interface Absent {
  readonly isAbsent: never;
}
