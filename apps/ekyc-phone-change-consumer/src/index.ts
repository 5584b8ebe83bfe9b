export { EKYC_PHONE_CHANGE_CONSUMER } from './definition';
