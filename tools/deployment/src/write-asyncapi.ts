import { writeFileSync } from 'node:fs';
import { writeAsyncApi } from './asyncapi';
import { pathOf } from './repository';

/** `npm run asyncapi`: writes the document of the topics anew. */
writeFileSync(pathOf('asyncapi.yaml'), writeAsyncApi());
