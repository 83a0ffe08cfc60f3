// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Network} from "./Network.sol";
import {Registry} from "./Registry.sol";
import {KeyRemoval, KeyReplacement, RequestTypes, StakeChange} from "./RequestTypes.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {Seat} from "./libraries/Offices.sol";

// Model: a list that only grows, which the ledger's engine carries out one by one, and what it comes to for each key.
//
//   _stakes[key]    three words: organisation, key, amount; zero for a key that never had stake
//   _changes        the list: the same three words each. The engine reads this slot; `engine/rules` names it
//   _pending[key]   the hash of the change that was signed; change 8 | readyAt 5 | takes 1 bytes
//   _active         number of organisations with stake
//   replacedBy[key] the key that was put in its place; a key that has one never gets stake again
//   _urgentAt       when each key was replaced or removed, in order: at most f of them are younger than the delay
//   _held[org.]     the key that got stake last, and the number of keys with stake
//   _removals[key]  number of its last removal 8 | when it was, 0 if the key is not out 5 bytes
//   _outs           the keys that are out: they keep their stake, and the list has 0 for them
//   _powers         number of keys with power: with stake, and not out
//
// Of an organisation's keys with stake all but the one in `_held` have a change under way that takes it, and get no other
// one. Otherwise one who has a change of a key and a replacement of it, both signed, could have the half of the change that gives stake carried
// out beside the replacement, and have twice the stake.
//
// A key that is out counts in `_stakes`, `_active` and `_held` as before: only an ordinary change moves stake, so f follows from ordinary
// changes alone, and its organisation gets no second key beside it. Power alone is taken, and comes back when the removal lapses.
//
// The engine reads storage, not events, so that what it does follows from the state alone.

/// @title The stake of the organisations' validators
contract Validators is IValidators, Network {
    using RequestTypes for KeyRemoval;
    using RequestTypes for KeyReplacement;
    using RequestTypes for StakeChange;

    struct Pending {
        bytes32 structHash;
        uint64 change;
        uint40 readyAt;
        bool takes;
    }

    struct Held {
        bytes32 key;
        uint256 keys;
    }

    struct Removal {
        uint64 removal;
        uint40 outAt;
    }

    /// @notice The most stake that one validator can have.
    uint64 public constant MOST = 1_000_000_000;
    /// @notice The most seconds from the block that replaces or removes a key to the deadline.
    uint64 public constant LONGEST_REPLACEMENT = 1 days;
    /// @notice Number of the role `administrator`, whose account sends transactions for its organisation.
    uint8 public constant ADMINISTRATOR = 11;

    /// @notice The network's registry of parties.
    IRegistry public immutable registry;

    mapping(bytes32 key => Stake) private _stakes;
    Stake[] private _changes;
    mapping(bytes32 key => Pending) private _pending;
    uint256 private _active;
    /// @inheritdoc IValidators
    mapping(bytes32 key => bytes32) public replacedBy;
    uint40[] private _urgentAt;
    mapping(bytes32 organisation => Held) private _held;
    mapping(bytes32 key => Removal) private _removals;
    bytes32[] private _outs;
    uint256 private _powers;

    /// @param registry_ The network's Registry.
    /// @param founders What the validators begin with; the engine has it from the ledger's first state.
    constructor(Registry registry_, Stake[] memory founders) Network(registry_.networkId()) {
        registry = registry_;
        for (uint256 i; i < founders.length; ++i) {
            Stake memory stake = founders[i];
            if (stake.amount == 0 || !_isSound(stake.organisation, stake.key, stake.amount))
                revert StakeInvalid();
            if (_stakes[stake.key].key != 0 || _held[stake.organisation].key != 0) revert StakeInvalid();
            _move(stake);
        }
    }

    /// @inheritdoc IValidators
    function changeStakes(StakeChange[] calldata requests, bytes[][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _begin(requests[i], signatures[i]));
    }

    /// @inheritdoc IValidators
    function finishStakeChanges(StakeChange[] calldata requests) external {
        for (uint256 i; i < requests.length; ++i) _report(i, _finish(requests[i]));
    }

    /// @inheritdoc IValidators
    function replaceKeys(KeyReplacement[] calldata requests, bytes[][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _replace(requests[i], signatures[i]));
    }

    /// @inheritdoc IValidators
    function removeKeys(KeyRemoval[] calldata requests, bytes[][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _remove(requests[i], signatures[i]));
    }

    /// @inheritdoc IValidators
    function returnKeys(bytes32[] calldata keys) external {
        for (uint256 i; i < keys.length; ++i) _report(i, _giveBack(keys[i]));
    }

    /// @inheritdoc IValidators
    function returnToWork(bytes32[] calldata keys) external {
        for (uint256 i; i < keys.length; ++i) _report(i, _return(keys[i]));
    }

    function _begin(StakeChange calldata request, bytes[] calldata signatures) private returns (bytes4) {
        Pending storage pending = _pending[request.key];
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        if (!_isSound(request.organisation, request.key, request.amount)) return StakeInvalid.selector;
        bytes4 refusal = _presentRefusal(request);
        if (refusal != 0) return refusal;
        if (request.change != uint256(pending.change) + 1) return ChangeUnexpected.selector;
        bytes32 structHash = request.hash();
        refusal = registry.coordinatorsRefusal(_digest(structHash), signatures);
        if (refusal != 0) return refusal;

        uint40 readyAt = uint40(block.timestamp + registry.delay());
        _pending[request.key] = Pending(structHash, request.change, readyAt, request.amount == 0);
        emit StakeChangeBegun(request.organisation, request.key, request.amount, request.change, readyAt);
        return 0;
    }

    function _finish(StakeChange calldata request) private returns (bytes4) {
        Pending storage pending = _pending[request.key];
        bytes4 refusal = _presentRefusal(request);
        if (refusal == KeyWasReplaced.selector) return refusal;
        if (pending.readyAt == 0 || pending.structHash != request.hash()) return ChangeUnknown.selector;
        if (block.timestamp < pending.readyAt) return ChangeEarly.selector;
        if (refusal != 0) return refusal;
        bool isOut = _isOut(request.key);
        if (isOut && request.amount != 0) return KeyIsOut.selector;
        if (request.amount == 0 && _stakes[request.key].amount != 0) {
            if (!isOut && _powers == 1) return ValidatorLast.selector;
            bool isLast = _held[request.organisation].keys == 1;
            if (!isOut && isLast && _outs.length > _mostFaulty(_active - 1)) return TooManyOut.selector;
        }

        pending.readyAt = 0;
        _move(Stake(request.organisation, request.key, request.amount));
        return 0;
    }

    function _replace(KeyReplacement calldata request, bytes[] calldata signatures) private returns (bytes4) {
        Stake memory held = _stakes[request.former];
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        if (request.deadline > block.timestamp + LONGEST_REPLACEMENT) return DeadlineFar.selector;
        if (held.amount == 0 || held.organisation != request.organisation) return StakeInvalid.selector;
        // A key that is to get stake by a change that was begun could be another organisation's then.
        bool isNew = _stakes[request.key].key == 0 && _pending[request.key].readyAt == 0;
        if (request.key == 0 || !isNew) return StakeInvalid.selector;
        // The others signed it: a replacement that was kept back must not void it.
        if (_pending[request.former].readyAt != 0) return ChangePending.selector;
        bytes4 refusal = _replacementRefusal(request, signatures);
        if (refusal != 0) return refusal;
        // A key that is out is one of the f already.
        if (!_isOut(request.former) && _isSpent()) return ReplacementsSpent.selector;

        replacedBy[request.former] = request.key;
        _urgentAt.push(uint40(block.timestamp));
        _move(Stake(request.organisation, request.key, held.amount));
        _move(Stake(request.organisation, request.former, 0));
        emit KeyReplaced(request.organisation, request.former, request.key);
        return 0;
    }

    function _remove(KeyRemoval calldata request, bytes[] calldata signatures) private returns (bytes4) {
        Stake memory held = _stakes[request.key];
        Removal storage known = _removals[request.key];
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        if (request.deadline > block.timestamp + LONGEST_REPLACEMENT) return DeadlineFar.selector;
        if (held.amount == 0 || held.organisation != request.organisation) return StakeInvalid.selector;
        if (known.outAt != 0) return KeyIsOut.selector;
        if (request.removal != uint256(known.removal) + 1) return ChangeUnexpected.selector;
        bytes4 refusal = _removalRefusal(request, signatures);
        if (refusal != 0) return refusal;
        if (_isSpent()) return ReplacementsSpent.selector;

        _urgentAt.push(uint40(block.timestamp));
        _outs.push(request.key);
        _removals[request.key] = Removal(request.removal, uint40(block.timestamp));
        --_powers;
        _list(Stake(held.organisation, held.key, 0));
        emit KeyRemoved(held.organisation, held.key, request.removal, _lapsesAt(request.key));
        return 0;
    }

    function _giveBack(bytes32 key) private returns (bytes4) {
        if (!_isOut(key)) return KeyNotOut.selector;
        if (block.timestamp < _lapsesAt(key)) return ChangeEarly.selector;
        if (_isTaken(key)) return ChangePending.selector;

        _endRemoval(key);
        ++_powers;
        Stake memory held = _stakes[key];
        _list(held);
        emit KeyReturned(held.organisation, key);
        return 0;
    }

    function _endRemoval(bytes32 key) private {
        _removals[key].outAt = 0;
        uint256 place;
        while (_outs[place] != key) ++place;
        _outs[place] = _outs[_outs.length - 1];
        _outs.pop();
    }

    /// Tells whether a change that takes all stake of a key is under way.
    function _isTaken(bytes32 key) private view returns (bool) {
        Pending storage pending = _pending[key];
        return pending.readyAt != 0 && pending.takes;
    }

    function _isOut(bytes32 key) private view returns (bool) {
        return _removals[key].outAt != 0;
    }

    function _lapsesAt(bytes32 key) private view returns (uint40) {
        return uint40(_removals[key].outAt + registry.delay());
    }

    /// Of so many organisations, the most that may be faulty.
    function _mostFaulty(uint256 organisations) private pure returns (uint256) {
        return organisations == 0 ? 0 : (organisations - 1) / 3;
    }

    /// A change is of a present key, and gives stake only to the one key of its organisation that is to keep any.
    function _presentRefusal(StakeChange calldata request) private view returns (bytes4) {
        if (replacedBy[request.key] != 0) return KeyWasReplaced.selector;
        bytes32 held = _held[request.organisation].key;
        if (request.amount == 0 || held == request.key) return 0;
        if (_stakes[request.key].amount != 0) return StakeBeside.selector;
        if (_stakes[held].amount == 0) return 0;
        return _isTaken(held) ? bytes4(0) : StakeBeside.selector;
    }

    /// Tells whether as many keys as organisations may be faulty were replaced or removed within the delay, or are out since longer.
    function _isSpent() private view returns (bool) {
        uint256 most = _mostFaulty(_active);
        uint32 delay = registry.delay();
        uint256 outs = _outs.length;
        for (uint256 i; i < outs; ++i) {
            if (_removals[_outs[i]].outAt + delay > block.timestamp) continue;
            if (most == 0) return true;
            --most;
        }
        uint256 made = _urgentAt.length;
        if (made < most) return false;
        return most == 0 || _urgentAt[made - most] + delay > block.timestamp;
    }

    /// Its own organisation has to sign, and the quorum's number of others, or all of them.
    function _replacementRefusal(
        KeyReplacement calldata request,
        bytes[] calldata signatures
    ) private view returns (bytes4) {
        bytes32 digest = _digest(request.hash());
        bytes4 refusal = registry.coordinatorsRefusal(digest, signatures);
        if (refusal != 0) return refusal;
        (bytes32[] memory signed, bytes32[] memory all, uint8 threshold) = _signers(digest, signatures);
        (bool isOwn, uint256 others) = _count(signed, request.organisation);
        (, uint256 most) = _count(all, request.organisation);
        if (!isOwn) return OwnerMissing.selector;
        return others < threshold && others < most ? QuorumMissing.selector : bytes4(0);
    }

    /// All other organisations in office have to sign. An ordinary change alone makes an office, so nobody is out of it by a removal.
    function _removalRefusal(
        KeyRemoval calldata request,
        bytes[] calldata signatures
    ) private view returns (bytes4) {
        (bytes32[] memory signed, bytes32[] memory all, ) = _signers(_digest(request.hash()), signatures);
        for (uint256 i; i < signed.length; ++i) if (signed[i] == 0) return SeatMissing.selector;
        (, uint256 others) = _count(signed, request.organisation);
        (, uint256 most) = _count(all, request.organisation);
        // An office of few organisations speaks for changes, and yet not for f + 1 honest validators.
        return others < most || others <= 2 * _mostFaulty(_active) ? QuorumMissing.selector : bytes4(0);
    }

    /// The organisations of those who signed, zero for one without a seat; those of all seats; and the threshold.
    function _signers(
        bytes32 digest,
        bytes[] calldata signatures
    ) private view returns (bytes32[] memory signed, bytes32[] memory all, uint8 threshold) {
        Seat[] memory seats;
        (seats, threshold) = registry.coordinators();
        signed = new bytes32[](signatures.length);
        for (uint256 i; i < signatures.length; ++i) {
            (address signer, , ) = ECDSA.tryRecoverCalldata(digest, signatures[i]);
            for (uint256 j; j < seats.length; ++j) {
                if (seats[j].holder == signer) signed[i] = seats[j].organisation;
            }
        }
        all = new bytes32[](seats.length);
        for (uint256 i; i < seats.length; ++i) all[i] = seats[i].organisation;
    }

    /// Tells whether an organisation is among some, and how many others are, each counted once.
    function _count(bytes32[] memory some, bytes32 own) private pure returns (bool isThere, uint256 others) {
        for (uint256 i; i < some.length; ++i) {
            if (some[i] == own) {
                isThere = true;
                continue;
            }
            bool isKnown;
            for (uint256 j; j < i && !isKnown; ++j) isKnown = some[j] == some[i];
            if (!isKnown) ++others;
        }
    }

    function _return(bytes32 key) private returns (bytes4) {
        IRegistry.Party memory sender = registry.party(msg.sender);
        Stake memory stake = _stakes[key];
        if (sender.role != ADMINISTRATOR || sender.suspended || sender.signer != msg.sender)
            return ValidatorForeign.selector;
        if (stake.amount == 0 || stake.organisation != sender.organisation) return ValidatorForeign.selector;
        if (_isOut(key)) return KeyIsOut.selector;
        _list(stake);
        return 0;
    }

    /// Tells whether a stake could be a validator's, and the key is no other organisation's.
    function _isSound(bytes32 organisation, bytes32 key, uint64 amount) private view returns (bool) {
        bytes32 owner = _stakes[key].organisation;
        return key != 0 && organisation != 0 && amount <= MOST && (owner == 0 || owner == organisation);
    }

    function _move(Stake memory stake) private {
        if (stake.amount != 0) _held[stake.organisation].key = stake.key;
        _carryOut(stake);
    }

    /// Moves stake; a key that is out loses all of its own here, and power it has none.
    function _carryOut(Stake memory stake) private {
        Held storage held = _held[stake.organisation];
        bool had = _stakes[stake.key].amount != 0;
        bool has = stake.amount != 0;
        if (has && !had && held.keys++ == 0) ++_active;
        if (had && !has && --held.keys == 0) --_active;
        if (_isOut(stake.key)) _endRemoval(stake.key);
        else _powers = _powers + (has ? 1 : 0) - (had ? 1 : 0);
        _stakes[stake.key] = stake;
        _list(stake);
    }

    /// Adds to the list that the engine carries out.
    function _list(Stake memory stake) private {
        _changes.push(stake);
        emit StakeChanged(stake.organisation, stake.key, stake.amount, _changes.length - 1);
    }

    /// @inheritdoc IValidators
    function stakeOf(bytes32 key) external view returns (Stake memory) {
        return _stakes[key];
    }

    /// @inheritdoc IValidators
    function changeOf(bytes32 key) external view returns (uint64) {
        return _pending[key].change;
    }

    /// @inheritdoc IValidators
    function removalOf(bytes32 key) external view returns (uint64 removal, uint40 until, bool isConfirmed) {
        return (_removals[key].removal, _isOut(key) ? _lapsesAt(key) : 0, _isTaken(key));
    }

    /// @inheritdoc IValidators
    function count() external view returns (uint256) {
        return _changes.length;
    }

    /// @inheritdoc IValidators
    function changeAt(uint256 place) external view returns (Stake memory) {
        return _changes[place];
    }
}
