import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ThymusError } from '@thymus/core';
import { failureOf } from './failure.ts';

test('errors that we raised keep their code and sentence', () => {
  const { code, message } = failureOf(new ThymusError('BAD_FILE', 'It is no capture.'));
  assert.deepEqual([code, message], ['BAD_FILE', 'It is no capture.']);
});

test('a full disk is told as such, whoever found it', () => {
  assert.equal(failureOf(Object.assign(new Error('write'), { code: 'ENOSPC' })).code, 'DISK_FULL');
  assert.equal(failureOf(Object.assign(new Error('disk is full'), { errcode: 13 })).code, 'DISK_FULL');
});

test('what nobody foresaw is a fault of ours, without a stack trace', () => {
  assert.deepEqual(failureOf(new TypeError('x is undefined')), {
    code: 'INTERNAL',
    message: 'A fault of ours: x is undefined',
  });
});
