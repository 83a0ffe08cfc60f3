// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The EIP-712 structs that reach the ledger; `src/protocol/struct/requests.ts` has them in the same words.
// A moment is in Unix seconds.

/// @notice A patient gives a right. The ledger sees the terms only as their salted struct hash.
struct GrantRequest {
    bytes32 handle;
    bytes32 termsHash;
    uint64 deadline;
}

/// @notice The opening of a grant: what its digest commits to.
struct Grant {
    bytes32 handle;
    Terms terms;
    uint64 deadline;
}

/// @notice The terms of a grant.
struct Terms {
    address grantee;
    string[] categories;
    bytes32 record;
    bool read;
    bool add;
    bool amend;
    string purpose;
    uint64 from;
    uint64 until;
    bytes16 salt;
}

/// @notice A patient ends a right and enters the next epoch.
struct Revoke {
    bytes32 handle;
    bytes32 grant;
    uint64 epoch;
    bytes32 packets;
    uint64 deadline;
}

/// @notice A patient ends a right, and enters no epoch by it: it can wait for the ledger, and any node may bring it.
struct End {
    bytes32 handle;
    bytes32 grant;
    uint64 deadline;
}

/// @notice A patient commits ahead to the recipients of epochs `first` to `first + count - 1`.
struct CommitEpochs {
    bytes32 handle;
    uint64 first;
    uint64 count;
    bytes32 root;
    uint64 deadline;
}

/// @notice Authority members make someone a party.
struct Enrolment {
    address party;
    uint8 role;
    bytes32 organisation;
    bytes32 recipient;
    bytes32 handle;
    uint64 deadline;
}

/// @notice Coordinators state what a log is: its RFC 9162 tree's size and root.
struct Checkpoint {
    bytes32 log;
    uint64 size;
    bytes32 root;
}

/// @notice Authority members suspend a party, or lift its suspension.
struct Suspension {
    address party;
    bool suspended;
    uint64 change;
    uint64 deadline;
}

/// @notice A party takes another key or recipient.
struct KeyChange {
    address party;
    address signer;
    bytes32 recipient;
    uint64 change;
    uint64 deadline;
}

/// @notice Authority members give a party that lost its key another one, after a delay.
struct Recovery {
    address party;
    address signer;
    bytes32 recipient;
    uint64 change;
    uint64 deadline;
}

/// @notice A party stops every recovery of its key that begins before the deadline and that it did not ask for.
struct Veto {
    address party;
    uint64 deadline;
}

/// @notice Sitting members of an office name all who hold it after a delay.
struct OfficeChange {
    string office;
    address[] members;
    bytes32[] organisations;
    uint8 threshold;
    uint64 change;
    uint64 deadline;
}

/// @notice Coordinators say how much stake an organisation's validator has after a delay.
struct StakeChange {
    bytes32 organisation;
    bytes32 key;
    uint64 amount;
    uint64 change;
    uint64 deadline;
}

/// @notice A validator's organisation and coordinators of others put another key in the place of its key, at once.
struct KeyReplacement {
    bytes32 organisation;
    bytes32 former;
    bytes32 key;
    uint64 deadline;
}

/// @notice Coordinators of all other organisations take consensus power from a validator's key, at once and until it lapses.
struct KeyRemoval {
    bytes32 organisation;
    bytes32 key;
    uint64 removal;
    uint64 deadline;
}

/// @notice Coordinators put a patient into the next epoch.
struct Advance {
    bytes32 handle;
    uint64 epoch;
    bytes32 packets;
    uint64 deadline;
}

/// @title Struct hashes (EIP-712 `hashStruct`)
library RequestTypes {
    string private constant TERMS =
        "Terms(address grantee,string[] categories,bytes32 record,bool read,bool add,bool amend,string purpose,uint64 from,uint64 until,bytes16 salt)";
    bytes32 private constant TERMS_TYPE = keccak256(bytes(TERMS));
    bytes32 private constant GRANT_TYPE = keccak256(
        bytes.concat("Grant(bytes32 handle,Terms terms,uint64 deadline)", bytes(TERMS))
    );
    bytes32 private constant REVOKE_TYPE = keccak256(
        "Revoke(bytes32 handle,bytes32 grant,uint64 epoch,bytes32 packets,uint64 deadline)"
    );
    bytes32 private constant END_TYPE = keccak256("End(bytes32 handle,bytes32 grant,uint64 deadline)");
    bytes32 private constant COMMIT_EPOCHS_TYPE = keccak256(
        "CommitEpochs(bytes32 handle,uint64 first,uint64 count,bytes32 root,uint64 deadline)"
    );
    bytes32 private constant ENROLMENT_TYPE = keccak256(
        "Enrolment(address party,uint8 role,bytes32 organisation,bytes32 recipient,bytes32 handle,uint64 deadline)"
    );
    bytes32 private constant CHECKPOINT_TYPE = keccak256("Checkpoint(bytes32 log,uint64 size,bytes32 root)");

    bytes32 private constant SUSPENSION_TYPE = keccak256(
        "Suspension(address party,bool suspended,uint64 change,uint64 deadline)"
    );
    bytes32 private constant KEY_CHANGE_TYPE = keccak256(
        "KeyChange(address party,address signer,bytes32 recipient,uint64 change,uint64 deadline)"
    );
    bytes32 private constant RECOVERY_TYPE = keccak256(
        "Recovery(address party,address signer,bytes32 recipient,uint64 change,uint64 deadline)"
    );
    bytes32 private constant VETO_TYPE = keccak256("Veto(address party,uint64 deadline)");
    bytes32 private constant OFFICE_CHANGE_TYPE = keccak256(
        "OfficeChange(string office,address[] members,bytes32[] organisations,uint8 threshold,uint64 change,uint64 deadline)"
    );
    bytes32 private constant STAKE_CHANGE_TYPE = keccak256(
        "StakeChange(bytes32 organisation,bytes32 key,uint64 amount,uint64 change,uint64 deadline)"
    );
    bytes32 private constant KEY_REPLACEMENT_TYPE = keccak256(
        "KeyReplacement(bytes32 organisation,bytes32 former,bytes32 key,uint64 deadline)"
    );
    bytes32 private constant KEY_REMOVAL_TYPE = keccak256(
        "KeyRemoval(bytes32 organisation,bytes32 key,uint64 removal,uint64 deadline)"
    );
    bytes32 private constant ADVANCE_TYPE = keccak256(
        "Advance(bytes32 handle,uint64 epoch,bytes32 packets,uint64 deadline)"
    );

    function hash(GrantRequest calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(GRANT_TYPE, request));
    }

    function hash(Grant calldata opening) internal pure returns (bytes32) {
        return keccak256(abi.encode(GRANT_TYPE, opening.handle, hash(opening.terms), opening.deadline));
    }

    function hash(Terms calldata terms) internal pure returns (bytes32) {
        bytes32[] memory categories = new bytes32[](terms.categories.length);
        for (uint256 i; i < categories.length; ++i) categories[i] = keccak256(bytes(terms.categories[i]));
        return
            keccak256(
                abi.encode(
                    TERMS_TYPE,
                    terms.grantee,
                    keccak256(abi.encodePacked(categories)),
                    terms.record,
                    terms.read,
                    terms.add,
                    terms.amend,
                    keccak256(bytes(terms.purpose)),
                    terms.from,
                    terms.until,
                    terms.salt
                )
            );
    }

    function hash(Revoke calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(REVOKE_TYPE, request));
    }

    function hash(End calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(END_TYPE, request));
    }

    function hash(CommitEpochs calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(COMMIT_EPOCHS_TYPE, request));
    }

    function hash(Enrolment calldata enrolment) internal pure returns (bytes32) {
        return keccak256(abi.encode(ENROLMENT_TYPE, enrolment));
    }

    function hash(Checkpoint calldata statement) internal pure returns (bytes32) {
        return keccak256(abi.encode(CHECKPOINT_TYPE, statement));
    }

    function hash(Suspension calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(SUSPENSION_TYPE, request));
    }

    function hash(KeyChange calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(KEY_CHANGE_TYPE, request));
    }

    function hash(Recovery calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(RECOVERY_TYPE, request));
    }

    function hash(Veto calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(VETO_TYPE, request));
    }

    function hash(StakeChange calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(STAKE_CHANGE_TYPE, request));
    }

    function hash(KeyReplacement calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(KEY_REPLACEMENT_TYPE, request));
    }

    function hash(KeyRemoval calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(KEY_REMOVAL_TYPE, request));
    }

    function hash(Advance calldata statement) internal pure returns (bytes32) {
        return keccak256(abi.encode(ADVANCE_TYPE, statement));
    }

    function hash(OfficeChange calldata request) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    OFFICE_CHANGE_TYPE,
                    keccak256(bytes(request.office)),
                    keccak256(abi.encodePacked(request.members)),
                    keccak256(abi.encodePacked(request.organisations)),
                    request.threshold,
                    request.change,
                    request.deadline
                )
            );
    }
}
