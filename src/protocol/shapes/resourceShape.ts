import { MapOf, Named, type Shape } from '../wire/findShapeError.ts';

/** A FHIR resource, or another JSON object, whose fields nobody has checked. */
export const RESOURCE: Named<Shape, object> = new Named('Resource', new MapOf(/^/, 'any'));
