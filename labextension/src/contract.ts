/**
 * What the server's API speaks; `openapi.yaml` of the server is the contract.
 */
export type * as Envlink from './contract/index';
