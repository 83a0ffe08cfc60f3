import type { Hex } from '../ids.ts';
import type { TypeTable } from './typedData.ts';

/** Fields at which a table of structs differs from the interfaces. */
interface Differs<Field> {
  readonly 'the table and the interfaces differ in': Field;
}

/** TypeScript’s type for a Solidity type; an interface may narrow it to some words. */
type ValueOf<Interfaces, Type> = Type extends `${infer Item}[]`
  ? readonly ValueOf<Interfaces, Item>[]
  : Type extends keyof Interfaces
    ? Interfaces[Type]
    : Type extends 'bool'
      ? boolean
      : Type extends 'string'
        ? string
        : Type extends `uint${number}`
          ? number
          : Type extends 'address' | `bytes${number}`
            ? Hex
            : never;

type FieldsOf<Interfaces, Fields> = Fields extends readonly (infer Field)[]
  ? {
      [
        Each in Field as Each extends { readonly name: infer Name extends string } ? Name : never
      ]: Each extends { readonly type: infer Type } ? ValueOf<Interfaces, Type> : never;
    }
  : never;

/** Names of the fields that only one of the two has, or that are of another type. */
type DifferingFields<Message, Fields> = {
  [Name in keyof Message | keyof Fields]-?: Name extends keyof Message & keyof Fields
    ? Required<Pick<Message, Name>> extends Pick<Message, Name>
      ? Pick<Message, Name> extends Pick<Fields, Name>
        ? never
        : Name
      : Name
    : Name;
}[keyof Message | keyof Fields];

type Differing<Interfaces, Table> = {
  [Name in keyof Interfaces | keyof Table]-?: Name extends keyof Interfaces & keyof Table
    ? `${Name & string}.${DifferingFields<Interfaces[Name], FieldsOf<Interfaces, Table[Name]>> & string}`
    : Name & string;
}[keyof Interfaces | keyof Table];

/**
 * Makes the table of EIP-712 structs whose interfaces are written out with their docs; it does not compile unless both
 * have the same structs with the same fields, each of a type that fits.
 *
 * @returns Function that takes the table and returns it.
 */
export function structsOf<Interfaces>(): <const Table extends TypeTable>(
  table: Table &
    ([Differing<Interfaces, Table>] extends [never]
      ? unknown
      : Differs<Differing<Interfaces, Table>>),
) => Table {
  return (table) => table;
}
