import { portablePrimitives } from './portablePrimitives.ts';
import { primitivesCases } from './primitives.cases.ts';

primitivesCases('portablePrimitives', () => portablePrimitives);
