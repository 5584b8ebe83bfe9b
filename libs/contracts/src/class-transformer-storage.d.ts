// class-transformer keeps what `@Type` declares in this module, and types it elsewhere.
declare module 'class-transformer/cjs/storage' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage';
}
