/* Which statement is running: what was asked for one is not taken for another's answer. */
#ifndef GEORISK_STATEMENT_KEY_H
#define GEORISK_STATEMENT_KEY_H

#include "postgres.h"

#include "access/xact.h"
#include "storage/proc.h"

#include "../georisk.h"

typedef struct statement_key
{
	LocalTransactionId transaction;
	SubTransactionId subtransaction;
	CommandId command;
} statement_key;

static inline statement_key
statement_key_now(void)
{
	statement_key key;

	key.transaction = COMPAT_LOCAL_TRANSACTION_ID;
	key.subtransaction = GetCurrentSubTransactionId();
	key.command = GetCurrentCommandId(false);
	return key;
}

static inline bool
statement_key_equal(statement_key a, statement_key b)
{
	return a.transaction == b.transaction && a.subtransaction == b.subtransaction &&
		   a.command == b.command;
}

#endif
