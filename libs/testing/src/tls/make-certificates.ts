import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  bitString,
  boolean,
  der,
  explicit,
  integer,
  objectId,
  octetString,
  sequence,
  set,
  utcTime,
  utf8String,
} from './der';

/** A certificate and its private key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface TestCertificates {
  /** The certificate of the authority that has signed the other two. */
  readonly ca: string;
  /** Valid for `localhost`, 127.0.0.1 and ::1. */
  readonly server: Certificate;
  readonly client: Certificate;
}

const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'));
const HOUR_MS = 3_600_000;

interface Party {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** An authority of its own and what it signs, valid for an hour: two calls trust nothing of each other. */
export function makeCertificates(): TestCertificates {
  const [authority, server, client] = [`authority ${randomBytes(4).toString('hex')}`, 'localhost', 'client'].map(
    makeParty,
  ) as [Party, Party, Party];
  const signed = (party: Party): Certificate => ({
    cert: certify(party, authority),
    key: party.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  });
  return { ca: certify(authority, authority), server: signed(server), client: signed(client) };
}

function makeParty(name: string): Party {
  return { name, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
}

function certify(subject: Party, issuer: Party): string {
  const now = Date.now();
  const body = sequence(
    explicit(0, integer([2])), // version 3
    integer([1, ...randomBytes(8)]),
    ECDSA_WITH_SHA256,
    nameOf(issuer),
    sequence(utcTime(new Date(now - HOUR_MS)), utcTime(new Date(now + HOUR_MS))),
    nameOf(subject),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(basicConstraints(subject === issuer), loopbackNames())),
  );
  const certificate = sequence(body, ECDSA_WITH_SHA256, bitString(sign('sha256', body, issuer.privateKey)));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

const nameOf = ({ name }: Party): Buffer => sequence(set(sequence(objectId('2.5.4.3'), utf8String(name))));

const basicConstraints = (isAuthority: boolean): Buffer =>
  sequence(objectId('2.5.29.19'), boolean(true), octetString(sequence(...(isAuthority ? [boolean(true)] : []))));

/** Subject alternative names; clients look at nothing else. */
function loopbackNames(): Buffer {
  const [DNS_NAME, IP_ADDRESS] = [0x82, 0x87];
  const names = [
    der(DNS_NAME, Buffer.from('localhost')),
    der(IP_ADDRESS, Buffer.from([127, 0, 0, 1])),
    der(IP_ADDRESS, Buffer.from([...new Array<number>(15).fill(0), 1])),
  ];
  return sequence(objectId('2.5.29.17'), octetString(sequence(...names)));
}
