export type * from './begin';
export type * from './cleanup';
export type * from './doctor';
export type * from './environments';
export type * from './files';
export type * from './inside';
export type * from './jobs';
export type * from './lifecycle';
