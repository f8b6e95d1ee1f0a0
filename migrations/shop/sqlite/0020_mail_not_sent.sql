-- Mail that could not be sent, for the operator.
CREATE INDEX mails_not_sent ON mails (at, id) WHERE failure IS NOT NULL;
