export { CONTEXTS, type Context } from './contexts';
