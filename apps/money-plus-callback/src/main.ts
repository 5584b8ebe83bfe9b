import 'reflect-metadata';
import { runService } from '@kyc-relay/service';
import { environment } from './config';
import { MONEY_PLUS_CALLBACK } from './definition';

void runService(MONEY_PLUS_CALLBACK, environment());
