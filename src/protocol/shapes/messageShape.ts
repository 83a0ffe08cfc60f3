import {
  ADDRESS,
  CountBelow,
  Either,
  ListOf,
  Named,
  OneOf,
  SIGNATURE,
  type Shape,
} from '../wire/findShapeError.ts';
import { closedListOf, MAX_ITEMS, MAX_TEXT } from '../struct/parseSigned.ts';
import { MAX_KEY_CHANGES } from '../rights/keyAfter.ts';
import { LASTING_TYPES } from '../struct/lastingTypes.ts';
import type {
  KeyProof,
  Messages,
  Recovery,
  Signed,
  SignedKeyChange,
  SignedRecovery,
  Terms,
} from '../struct/requests.ts';
import { requestTypes } from '../struct/requestTypes.ts';
import { shapeOfType } from './shapeOfType.ts';
import type { Field, TypeTable } from '../struct/typedData.ts';

const types: TypeTable = requestTypes;

/**
 * Returns the shape of a struct that `parseMessage` takes.
 *
 * @param name - The struct.
 */
export function messageShape<Type extends keyof Messages>(
  name: Type,
): Named<Shape, Messages[Type]> {
  return structShape(name);
}

/**
 * Returns the shape of a signed struct that `parseSigned` takes.
 *
 * @param type - The struct.
 */
export function signedShape<Type extends keyof Messages>(type: Type): Named<Shape, Signed<Type>> {
  return new Named(`Signed.${type}`, {
    type: new OneOf(type),
    party: ADDRESS,
    message: structShape(type),
    signature: SIGNATURE,
    ...(LASTING_TYPES.includes(type) && { 'keyChanges?': KEY_CHANGES }),
  });
}

/** `SignedKeyChange` */
export const SIGNED_KEY_CHANGE: Named<Shape, SignedKeyChange> = new Named('SignedKeyChange', {
  message: structShape('KeyChange'),
  signature: SIGNATURE,
  newSignature: SIGNATURE,
});

/** `SignedRecovery`, signed by members already. */
export const SIGNED_RECOVERY = shapeOfType<SignedRecovery>('SignedRecovery')({
  message: structShape<Recovery>('Recovery'),
  signatures: new ListOf(SIGNATURE, MAX_ITEMS, 1),
  newSignature: SIGNATURE,
});

const KEY_PROOF: Either<readonly Shape[], KeyProof> = new Either(
  SIGNED_KEY_CHANGE,
  SIGNED_RECOVERY,
);

/** The changes of key, and recoveries, that go along with a request or a card. */
export const KEY_CHANGES = new ListOf(KEY_PROOF, MAX_KEY_CHANGES, 1);

/** `Terms` of a right. */
export const TERMS: Named<Shape, Terms> = structShape('Terms');

/** Returns the same shape for one of several structs. */
export function signedShapes<Type extends keyof Messages>(
  allowed: readonly Type[],
): Either<readonly Shape[], Signed<Type>> {
  return new Either(...allowed.map((type) => signedShape(type)));
}

function structShape<Type>(name: string): Named<Shape, Type> {
  const fields = (types[name] ?? []).map((field) => [field.name, fieldShape(field, name)] as const);
  return new Named(name, Object.fromEntries(fields));
}

function fieldShape({ name, type }: Field, owner: string): Shape {
  if (type.endsWith('[]')) {
    return new ListOf(fieldShape({ name, type: type.slice(0, -2) }, owner), MAX_ITEMS);
  }
  if (types[type] !== undefined) return structShape(type);
  if (type === 'bool') return 'boolean';
  if (type.startsWith('uint')) {
    const bits = Number(type.slice('uint'.length));
    return bits > 53 ? 'count' : new CountBelow(2 ** bits);
  }
  if (type === 'string') {
    const list = closedListOf(owner, name);
    return list === undefined ? new RegExp(`^[\\s\\S]{0,${MAX_TEXT}}$`, 'u') : new OneOf(...list);
  }
  const length = type === 'address' ? 20 : Number(type.slice('bytes'.length));
  return new RegExp(`^0x[0-9a-f]{${2 * length}}$`);
}
