/** Models and their components. */
import Type from 'typebox';
import { id, numbers, responsedata, texts } from '../parameters.ts';
import type { Route } from '../route.ts';
import { component, model } from '../shapes/model.ts';

export const models = {
  method: 'GET',
  path: '/models',
  doc: 'All models; one object if a single `uuid` is asked for.',
  permission: 'view',
  query: Type.Object({ uuid: Type.Optional(texts('Models')), responsedata }),
  reply: Type.Union([Type.Array(model), model]),
} as const satisfies Route;

export const modelByPid = {
  method: 'GET',
  path: '/models/:pid',
  doc: 'One model.',
  permission: 'view',
  params: Type.Object({ pid: id('Model') }),
  query: Type.Object({ responsedata }),
  reply: model,
} as const satisfies Route;

export const components = {
  method: 'GET',
  path: '/components',
  doc: 'Components of all models; one object if a single `cid` is asked for.',
  permission: 'view',
  query: Type.Object({ cid: Type.Optional(numbers('Components')), responsedata }),
  reply: Type.Union([Type.Array(component), component]),
} as const satisfies Route;

export const componentByCid = {
  method: 'GET',
  path: '/components/:cid',
  doc: 'One component.',
  permission: 'view',
  params: Type.Object({ cid: id('Component') }),
  query: Type.Object({ responsedata }),
  reply: component,
} as const satisfies Route;
