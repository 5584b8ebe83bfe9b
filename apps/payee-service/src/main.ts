import 'reflect-metadata';
import { runService } from '@kyc-relay/service';
import { environment } from './config';
import { PAYEE_SERVICE } from './definition';

void runService(PAYEE_SERVICE, environment());
