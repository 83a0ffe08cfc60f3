import { ed25519Cases } from './ed25519.cases.ts';
import { portablePrimitives } from './portablePrimitives.ts';
import { primitivesCases } from './primitives.cases.ts';

primitivesCases('portablePrimitives', () => portablePrimitives);
ed25519Cases('portablePrimitives', () => portablePrimitives);
