import 'reflect-metadata';
import { runService } from '@kyc-relay/service';
import { environment } from './config';
import { KYC_STATUS_PUBLISHER } from './definition';

void runService(KYC_STATUS_PUBLISHER, environment());
